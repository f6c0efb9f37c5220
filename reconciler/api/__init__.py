"""Calls on the Bandwidth API turned into values: the only code that speaks HTTP.

`client` is the way in; `errors` draws what it raises. Nothing here knows kinds, plans or manifests.
"""
