"""Commands about language models: who can be asked, whether they answer, and a stand-in."""
