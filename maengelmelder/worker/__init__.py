"""What goes on behind the pages: making photos showable, sending mails, tidying up."""
