"""Search: a text's key and its bigrams, the index over them, questions, hits. No language model, no stemmer.

Korean joins particles to nouns and nouns to each other, so words are not what is looked up: any run of two
letters is. Every hit is checked against the text itself, so that what is found is what was asked.
"""
