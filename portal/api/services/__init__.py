"""What programs change beside what they change in other rooms."""
