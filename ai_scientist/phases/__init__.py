"""One plain function for each box of the graph. Each may be called again after a kill: what is done is not done twice."""
