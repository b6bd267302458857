"""The screens: the volunteer's kiosk, the district's pages. They reach the station only through what is handed to them."""
