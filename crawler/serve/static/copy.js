// A button beside what is there to copy. Without scripts the box is selected and copied by hand.
for (const box of document.querySelectorAll("textarea[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = box.dataset.copy;
  button.addEventListener("click", async () => {
    box.select();
    try {
      await navigator.clipboard.writeText(box.value);
    } catch {
      document.execCommand("copy");
    }
    button.textContent = box.dataset.copied;
  });
  box.after(button);
}
