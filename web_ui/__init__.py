"""The screens: the volunteer's kiosk, the district's pages, the drivers' page.

They reach the station only through the callables and queries handed to their ``create_app``.
"""
