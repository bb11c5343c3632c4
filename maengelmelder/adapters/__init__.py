"""What reaches outside: files, mail, foreign services, each behind a port."""
