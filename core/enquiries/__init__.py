"""Enquiries: what people ask about an account, put together from what the other rooms know."""
