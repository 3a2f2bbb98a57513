"""The index of the sample as a class of Python: the passages, words and scores are those of the Lucene index.

Ranking is BM25 (Robertson and Zaragoza, 2009). English words are stemmed by Porter's algorithm (1980).
"""

import math
import re
from collections import Counter

K1, B = 1.2, 0.75
WORD = re.compile(r"\d+(?:[.,]\d+)+|\w+(?:['’.][^\W\d]\w*)*")
STOP_WORDS = set(
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to"
    " was will with".split()
)


class Index:
    def __init__(self, entries):
        self.entries = entries
        self.counts = [Counter(words(entry["text"])) for entry in entries]
        lengths = [sum(count.values()) for count in self.counts]
        average = sum(lengths) / max(1, len(lengths))
        self.norms = [K1 * (1 - B + B * rounded(length) / average) for length in lengths]
        self.found_in = Counter(word for count in self.counts for word in count)

    def search(self, question, limit):
        scores = Counter()
        for word in words(question):
            found = self.found_in[word]
            rarity = math.log(1 + (len(self.entries) - found + 0.5) / (found + 0.5))
            for number, count in enumerate(self.counts):
                if word in count:
                    scores[number] += rarity * count[word] / (count[word] + self.norms[number])
        best = sorted(scores, key=lambda number: (-scores[number], number))[:limit]
        return [{**self.entries[number], "score": scores[number]} for number in best]


def rounded(length):
    """A passage's length as Lucene keeps it, in one byte."""
    cut = max(0, max(0, length - 24).bit_length() - 4)
    return length if length < 24 else 24 + ((length - 24) >> cut << cut)


def words(text):
    found = (re.sub(r"['’]s$", "", word, flags=re.IGNORECASE).lower() for word in WORD.findall(text))
    return [stem(word) for word in found if word not in STOP_WORDS]


ENDINGS_2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "bli": "ble", "alli": "al",
    "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate", "alism": "al",
    "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble", "logi": "log",
}
ENDINGS_3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
ENDINGS_4 = dict.fromkeys(
    "al ance ence er ic able ible ant ement ment ent sion tion ou ism ate iti ous ive ize".split(), ""
) | {"sion": "s", "tion": "t"}


def stem(word):
    if len(word) < 3:
        return word
    for ending, instead in (("sses", "ss"), ("ies", "i"), ("ss", "ss"), ("s", "")):
        if word.endswith(ending):
            word = word[: -len(ending)] + instead
            break
    word = without_past(word)
    if word.endswith("y") and "v" in form(word[:-1]):
        word = word[:-1] + "i"
    word = exchanged(word, ENDINGS_2, 1)
    word = exchanged(word, ENDINGS_3, 1)
    word = exchanged(word, ENDINGS_4, 2)
    if word.endswith("e") and (measure(word) > 1 or measure(word) == 1 and not is_short(word[:-1])):
        word = word[:-1]
    return word[:-1] if word.endswith("ll") and measure(word) > 1 else word


def without_past(word):
    if word.endswith("eed"):
        return word[:-1] if measure(word[:-3]) > 0 else word
    base = re.sub(r"(ed|ing)$", "", word)
    if base == word or "v" not in form(base):
        return word
    if base.endswith(("at", "bl", "iz")):
        return base + "e"
    if base[-2:-1] == base[-1] and form(base)[-1] == "c":
        return base if base[-1] in "lsz" else base[:-1]
    return base + "e" if measure(base) == 1 and is_short(base) else base


def exchanged(word, endings, least):
    for ending in sorted(endings, key=len, reverse=True):
        if word.endswith(ending):
            base = word[: -len(ending)]
            if measure(base + endings[ending] if ending in ("sion", "tion") else base) >= least:
                return base + endings[ending]
            return word
    return word


def form(word):
    """A letter c or v, consonant or vowel, for each; y is a vowel after a consonant."""
    letters = ""
    for letter in word:
        letters += "v" if letter in "aeiou" or letter == "y" and letters.endswith("c") else "c"
    return letters


def measure(word):
    return form(word).count("vc")


def is_short(word):
    return form(word).endswith("cvc") and word[-1] not in "wxy"
