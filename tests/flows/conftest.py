from tests.live import live, shared_documents

__all__ = ["live", "shared_documents"]
