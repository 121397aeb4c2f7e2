"""The top of the house: wires everything together and holds no rule of its own."""
