"""Calls on the Bandwidth API turned into values: the only code that speaks HTTP.

`client` is the way in; `errors` draws what it raises. `collection`, `singleton` and `orders` are the
manners of serving, for kinds that come as data. Nothing here knows plans or manifests.
"""
