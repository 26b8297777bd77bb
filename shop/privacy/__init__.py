"""What the shop records of somebody, to see, to take along, to switch off and to erase."""
