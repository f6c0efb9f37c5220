"""Option orders: what is set on numbers one by one."""
