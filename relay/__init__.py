"""The pictures: forwards encoded media between browsers, and looks at a few frames."""
