from oms.events.schemas.documents import write_all

write_all()
