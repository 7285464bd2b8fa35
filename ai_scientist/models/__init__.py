"""Models of every kind behind one seam (`base.py`): hosted, scripted; and what is wrapped around them."""
