"""Plans and outcomes to what people and programs read: text, JSON and markdown. Pure; commands print."""
