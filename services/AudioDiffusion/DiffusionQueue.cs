namespace Rewas.AudioDiffusion;

/// <summary>
/// Selects the latents of the next denoiser call. Requests are admitted up to a limit. Every call takes as many latents as fit, in order of
/// turns. Callers take turns, and so do the requests of one caller. A turn ends after a slice of the device, and the next one is behind all
/// others. So a request that fills every call shares the steps with those that wait, and nothing starves. A batch request comes after all
/// interactive ones for a fixed time. Then it takes turns like them.
/// </summary>
/// <param name="capacity">Most admitted requests, running and waiting together.</param>
/// <param name="batchDelay">Time for which a batch request comes after all interactive ones.</param>
/// <param name="time">Null: the system's clock.</param>
public sealed class DiffusionQueue(int capacity, TimeSpan batchDelay, TimeProvider? time = null)
{
    const double NewestShare = 0.2;

    /// <summary>Most calls in a slice.</summary>
    const double MostCalls = 100;

    /// <summary>
    /// A slice has the rows of one full call, or of several if they take less than this. A device takes time to change its latents.
    /// </summary>
    static readonly TimeSpan ShortestSlice = TimeSpan.FromMilliseconds(100);

    static readonly Comparison<SamplingWork> InTurn =
        (one, other) => one.Place == other.Place ? one.Number.CompareTo(other.Number) : one.Place.CompareTo(other.Place);

    readonly TimeProvider time = time ?? TimeProvider.System;
    readonly object gate = new();
    readonly List<SamplingWork> works = [];                                  // in the order of turns after each Take
    readonly Dictionary<string, DeviceTurn> callers = new(StringComparer.Ordinal);      // those with names and open requests
    TimeSpan meanWindow = TimeSpan.FromSeconds(5), meanStep;
    long nextNumber, taken;                                                  // taken: timestamp of the last call
    readonly LinkedList<TaskCompletionSource> returning = [];
    int admitted, waiting, callRows;
    bool stopped;

    public int Capacity => capacity;

    /// <summary>Estimated time until a place is free in a full queue.</summary>
    public TimeSpan RetryAfter
    {
        get
        {
            lock (gate)
                return meanWindow * Math.Max(1, waiting);
        }
    }

    /// <summary>
    /// Estimated time until a new request's first window is sampled. It is 0 while nobody waits, and until the first measurement.
    /// </summary>
    /// <param name="rows">Rows of a step of all its latents.</param>
    /// <param name="steps">Steps of the window.</param>
    /// <param name="batch">Whether interactive requests have priority.</param>
    /// <param name="caller">Name of the caller, or empty.</param>
    public TimeSpan ExpectedWait(int rows, int steps, bool batch = false, string caller = "")
    {
        lock (gate)
        {
            if (waiting == 0)
                return TimeSpan.Zero;
            var turn = callers.GetValueOrDefault(caller);
            var places = works.Where(work => batch || !work.Place.IsLate).Select(work => work.Place).Distinct().ToList();
            var others = places.Select(place => place.Turn).Distinct().Count(other => other != turn);
            var ofCaller = places.Count(place => place.Turn == turn);
            // One slice for this request, while every other caller has one, and every other request of this caller.
            var callsPerStep = Math.Max(1, (others + 1) * (ofCaller + 1) * (double)rows / callRows);
            return meanStep * (steps * callsPerStep);
        }
    }

    /// <summary>Takes a place in the queue, released by disposal; null if the queue is full.</summary>
    /// <param name="batch">Whether interactive requests have priority.</param>
    /// <param name="caller">Name of the caller. Without a name, the request is a caller of its own.</param>
    public Place? TryAdmit(bool batch = false, string caller = "")
    {
        lock (gate)
        {
            // Requests that return come before new ones.
            if (admitted >= capacity || returning.Count > 0)
                return null;
            DiffusionMetrics.Requests.Record(++admitted);
            var due = batch ? time.GetTimestamp() + (long)(batchDelay.TotalSeconds * time.TimestampFrequency) : 0;
            return new Place(this, caller, due);
        }
    }

    /// <summary>Adds a latent to the calls until it is sampled or cancelled.</summary>
    public void Add(SamplingWork work)
    {
        lock (gate)
        {
            if (stopped)
            {
                work.Cancel();
                return;
            }
            (work.Added, work.Number) = (time.GetTimestamp(), nextNumber++);
            works.Add(work);
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Waits for work and selects the latents of the next call.</summary>
    /// <param name="maxRows">Most rows of the call; at least the rows of one latent.</param>
    /// <param name="batch">Filled with the selected latents.</param>
    /// <returns>False if the queue was stopped.</returns>
    public bool Take(int maxRows, List<SamplingWork> batch)
    {
        batch.Clear();
        lock (gate)
        {
            for (; ; Monitor.Wait(gate))
            {
                RemoveCancelled();
                if (stopped)
                    return false;
                if (works.Count > 0)
                    break;
                Waiting(0);
            }
            (taken, callRows) = (time.GetTimestamp(), maxRows);
            works.Sort(InTurn);
            var (rows, left) = (0, 0);
            foreach (var work in works)
            {
                if (rows + work.Sampler.Rows > maxRows)
                {
                    left++;
                    if (work.Started == 0)                                   // a caller is told its position before the first step only
                        work.MoveTo(left);
                    continue;
                }
                rows += work.Rows = work.Sampler.Rows;
                batch.Add(work);
                if (work.Started == 0)
                    DiffusionMetrics.WaitDuration.Record(time.GetElapsedTime(work.Added, work.Started = taken).TotalSeconds);
                work.MoveTo(0);
            }
            Waiting(left);
            DiffusionMetrics.BatchRows.Record(rows);
            return true;
        }
    }

    /// <summary>Counts a step for the turns of those who were in the call. While nobody waits, turns stay.</summary>
    /// <param name="batch">As <see cref="Take"/> has filled it.</param>
    public void StepDone(List<SamplingWork> batch, TimeSpan elapsed)
    {
        lock (gate)
        {
            meanStep = meanStep == TimeSpan.Zero ? elapsed : meanStep * (1 - NewestShare) + elapsed * NewestShare;
            var slice = callRows * (int)Math.Clamp(ShortestSlice / meanStep, 1, MostCalls);
            foreach (var work in batch)
            {
                work.InCalls += elapsed;
                if (waiting > 0)
                    work.Place.Use(work.Rows, slice);
            }
        }
    }

    /// <summary>Removes a latent that is sampled or has failed.</summary>
    public void End(SamplingWork work, Exception? failure = null)
    {
        lock (gate)
        {
            works.Remove(work);
            meanWindow = meanWindow * (1 - NewestShare) + work.InCalls * NewestShare;
        }
        if (failure is null)
            work.Finish();
        else
            work.Fail(failure);
    }

    /// <summary>Cancels all work and ends <see cref="Take"/>.</summary>
    public void Stop()
    {
        lock (gate)
        {
            stopped = true;
            works.ForEach(work => work.Cancel());
            works.Clear();
            Monitor.PulseAll(gate);
        }
    }

    void RemoveCancelled()
    {
        for (var i = works.Count - 1; i >= 0; i--)
        {
            if (!works[i].IsCancelled)
                continue;
            works[i].Cancel();
            works.RemoveAt(i);
        }
    }

    /// <summary>The turn that a new request of a caller has or shares. Called under the lock.</summary>
    DeviceTurn TurnOf(string caller)
    {
        if (caller.Length == 0)
            return new(nextNumber++);
        if (!callers.TryGetValue(caller, out var turn))
            callers.Add(caller, turn = new(nextNumber++));
        turn.Requests++;
        return turn;
    }

    void Waiting(int count) => DiffusionMetrics.QueueLength.Record(waiting = count);

    /// <summary>The place of one request.</summary>
    public sealed class Place : IDisposable
    {
        readonly DiffusionQueue queue;
        readonly string caller;
        readonly long due;                                                   // until then, interactive requests come first
        readonly DeviceTurn own;
        bool held = true, open = true;

        /// <summary>Called under the lock.</summary>
        internal Place(DiffusionQueue queue, string caller, long due)
        {
            (this.queue, this.caller, this.due) = (queue, caller, due);
            Turn = queue.TurnOf(caller);
            own = new(queue.nextNumber++);
        }

        /// <summary>The turn of the caller.</summary>
        internal DeviceTurn Turn { get; }

        /// <summary>Whether all interactive requests come first.</summary>
        internal bool IsLate => queue.taken < due;

        /// <summary>Leaves the place to others while this request has no input. It keeps its turn.</summary>
        public void Leave()
        {
            lock (queue.gate)
                if (held)
                    Release();
        }

        /// <summary>Takes a place again, and waits until one is free.</summary>
        public async Task ReturnAsync(CancellationToken cancellation)
        {
            TaskCompletionSource entered;
            LinkedListNode<TaskCompletionSource> node;
            lock (queue.gate)
            {
                if (held)
                    return;
                if (queue.admitted < queue.Capacity && queue.returning.Count == 0)
                {
                    DiffusionMetrics.Requests.Record(++queue.admitted);
                    held = true;
                    return;
                }
                entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
                node = queue.returning.AddLast(entered);
            }
            using var cancelled = cancellation.Register(() =>
            {
                lock (queue.gate)
                    if (node.List is not null)
                    {
                        queue.returning.Remove(node);
                        entered.SetCanceled(cancellation);
                    }
            });
            await entered.Task;
            lock (queue.gate)
                held = true;                                                 // the one that left has counted this request already
        }

        /// <summary>Below 0 if this request comes first.</summary>
        internal int CompareTo(Place other) =>
            IsLate != other.IsLate ? IsLate.CompareTo(other.IsLate)
            : Turn != other.Turn ? Turn.Number.CompareTo(other.Turn.Number)
            : own.Number.CompareTo(other.own.Number);

        /// <summary>Counts the rows of one latent in a call. Called under the lock.</summary>
        internal void Use(int rows, int slice)
        {
            Turn.Use(rows, slice, ref queue.nextNumber);
            own.Use(rows, slice, ref queue.nextNumber);
        }

        public void Dispose()
        {
            lock (queue.gate)
            {
                if (held)
                    Release();
                if (open && caller.Length > 0 && --Turn.Requests == 0)
                    queue.callers.Remove(caller);
                open = false;
            }
        }

        /// <summary>Passes the place on to the first request that returns, or frees it. Called under the lock.</summary>
        void Release()
        {
            held = false;
            if (queue.returning.First is { } first)
            {
                queue.returning.RemoveFirst();
                first.Value.SetResult();
            }
            else
                DiffusionMetrics.Requests.Record(--queue.admitted);
        }
    }
}
