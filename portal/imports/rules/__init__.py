"""What an import knows by itself: how sheets reach, what headers and values mean, and its sums."""
