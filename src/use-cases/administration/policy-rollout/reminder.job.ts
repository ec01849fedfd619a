import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { remindOfPolicies } from './reminder.service.ts'

export const policyReminderJob: Job = {
  name: 'policy-reminders',
  every: minutes(10),
  // A clock that is ahead would remind of deadlines that are far away.
  needsSteadyClock: true,
  run: remindOfPolicies,
}
