"""The names of the reading engines, for those who weigh what was read and need no engine themselves."""

ASTER, PADDLE, TESSERACT = "asterocr", "ppocr", "tesseract"
