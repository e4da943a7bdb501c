"""From source notebooks to what students get."""
