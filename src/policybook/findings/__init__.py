"""Findings: measures in, sentences with row ids out."""

from policybook.findings.actors import (
    actor_rows,
    cannot_be_had_together,
    described_rows,
    named_rows,
    one_actor,
)
from policybook.findings.agreement import where_they_agree
from policybook.findings.article import asked_rows, one_article, relayed_rows, unanswered_rows
from policybook.findings.asked import addressees_over_time, unaddressed_rows, who_is_asked
from policybook.findings.comparable import pair_counts
from policybook.findings.contradictions import contradicting
from policybook.findings.coverage import (
    prescribes_nothing,
    states,
    who_recommends_what,
)
from policybook.findings.demands import compared_rows, demands_compared
from policybook.findings.finding import Finding
from policybook.findings.headings import most_shared, said_by_one, same_words
from policybook.findings.headlines import headlines, headlines_loosely
from policybook.findings.independence import independent_voices
from policybook.findings.means import end_in_words, means_rows, which_means
from policybook.findings.nearness import who_stands_near_whom
from policybook.findings.reading import diagnosed_only, diagnosed_rows, silences, what_was_read
from policybook.findings.rows import on_theme
from policybook.findings.shift import theme_shift, themes_shift
from policybook.findings.sides import two_articles
from policybook.findings.theme import one_theme, theme_rows
from policybook.findings.time import recurrence, what_changed
from policybook.findings.words import every_sentence, rows_with_word, word_in_words, word_rows
from policybook.findings.written import before_and_after, order_of_writing

__all__ = [
    "Finding",
    "actor_rows",
    "addressees_over_time",
    "asked_rows",
    "before_and_after",
    "cannot_be_had_together",
    "compared_rows",
    "contradicting",
    "demands_compared",
    "described_rows",
    "diagnosed_only",
    "diagnosed_rows",
    "end_in_words",
    "every_sentence",
    "headlines",
    "headlines_loosely",
    "independent_voices",
    "means_rows",
    "most_shared",
    "named_rows",
    "on_theme",
    "one_actor",
    "one_article",
    "one_theme",
    "order_of_writing",
    "pair_counts",
    "prescribes_nothing",
    "recurrence",
    "relayed_rows",
    "rows_with_word",
    "said_by_one",
    "same_words",
    "silences",
    "states",
    "theme_rows",
    "theme_shift",
    "themes_shift",
    "two_articles",
    "unaddressed_rows",
    "unanswered_rows",
    "what_changed",
    "what_was_read",
    "where_they_agree",
    "which_means",
    "who_is_asked",
    "who_recommends_what",
    "who_stands_near_whom",
    "word_in_words",
    "word_rows",
]
