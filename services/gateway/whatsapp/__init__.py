"""WhatsApp as a channel: what people write there becomes turns, and the answers go back."""
