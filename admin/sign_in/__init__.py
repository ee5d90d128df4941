"""The way in and out: by a code, by an organisation's own sign-in, by a key; and where one is signed in."""
