"""Classification of policies that nobody structured: what a changed sentence does to the meaning, by rules that say why.

`passages` finds what changed, `editorial` proves what says nothing about data, `concepts` names what a text speaks of,
`rules` hold the kinds of change, `judge` puts them together.
"""
