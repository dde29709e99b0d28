"""A sample learner and real loopback issuers, so that everything can be tried before anything of one's own is brought in."""
