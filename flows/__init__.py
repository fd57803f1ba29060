"""The year's flows, the tick, the delivery, the rehearsal, the jobs and the schedule."""
