import type { Clock, Timeout } from "../../clock/clock.ts";
import { isFrequent, type Schedule } from "./schedule.ts";
import { initialStatus, type ScheduleStatus, statusAfterRun, statusAtRestart, timerInfo } from "./scheduleStatus.ts";

export interface TimerListenerOptions {
  schedule: Schedule;
  useMonitor: boolean;
  runOnStartup: boolean;
  clock: Clock;
  /** What was remembered when the host last ran. */
  remembered: ScheduleStatus | undefined;
  remember: (status: ScheduleStatus) => Promise<void>;
  /** @param timer JSON text of the trigger. Never rejects. */
  run: (timer: string) => Promise<void>;
}

/** Runs one timer function at its occurrences, never twice at once. */
export class TimerListener {
  readonly #options: TimerListenerOptions;
  readonly #isMonitored: boolean;
  #status: ScheduleStatus;
  #timeout: Timeout | undefined;
  #isClosed = false;

  constructor(options: TimerListenerOptions) {
    this.#options = options;
    const { schedule, useMonitor, clock, remembered } = options;
    const now = clock.now();
    this.#isMonitored = useMonitor && !isFrequent(schedule, now);
    this.#status =
      this.#isMonitored && remembered ? statusAtRestart(schedule, remembered, now) : initialStatus(schedule, now);
  }

  async start(): Promise<void> {
    const { clock, remembered, remember, runOnStartup } = this.#options;
    if (this.#isMonitored && this.#status !== remembered) await remember(this.#status);
    const isPastDue = this.#isMonitored && clock.now() > this.#status.next;
    if (isPastDue || runOnStartup) await this.#run({ isPastDue, isScheduled: false });
    this.#wait();
  }

  close(): void {
    this.#isClosed = true;
    this.#timeout?.cancel();
  }

  /** The trigger's value for a run that somebody asks for. */
  timerOnDemand(): string {
    return timerInfo(this.#options.schedule, this.#isMonitored ? this.#status : null, false);
  }

  #wait(): void {
    if (this.#isClosed) return;
    const { clock } = this.#options;
    const next = async () => {
      await this.#run({ isPastDue: false, isScheduled: true });
      this.#wait();
    };
    this.#timeout = clock.setTimeout(() => void next(), this.#status.next - clock.now());
  }

  async #run({ isPastDue, isScheduled }: { isPastDue: boolean; isScheduled: boolean }): Promise<void> {
    const { schedule, clock, run, remember } = this.#options;
    const time = clock.now();
    await run(timerInfo(schedule, this.#isMonitored ? this.#status : null, isPastDue));
    if (this.#isClosed) return;
    this.#status = statusAfterRun(schedule, this.#status, time, isScheduled);
    if (this.#isMonitored) await remember(this.#status);
  }
}
