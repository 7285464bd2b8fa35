"""Models of every kind behind one seam (`base.py`): hosted, replayed, scripted; and what is wrapped around them."""
