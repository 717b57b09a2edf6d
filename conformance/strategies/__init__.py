"""What the checks draw or go through: tokens, headers, credentials, paths, origins, pages, requests."""
