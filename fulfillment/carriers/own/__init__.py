"""Labels made here, for parcels whose carrier is not connected."""
