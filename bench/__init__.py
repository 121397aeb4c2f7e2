"""What LeadFlow manages on this machine, beside what the machine could do: `make bench`, `make bench-data`."""
