"""What a scene works with: stage, stand, watch, faults and forgeries."""
