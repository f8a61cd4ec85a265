"""What one change means for people, in whole sentences: one practice before and after becomes words."""
