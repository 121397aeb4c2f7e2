"""The launcher: starts every process of LeadFlow on one machine and keeps them alive."""
