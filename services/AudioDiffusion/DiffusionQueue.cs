namespace Rewas.AudioDiffusion;

/// <summary>
/// Selects the latents of the next denoiser call. Requests are admitted up to a limit. At every step, the latents of the earliest requests
/// come first, as many as fit. A batch request counts as later by a fixed time. Interactive requests overtake it within that time, and
/// nothing starves.
/// </summary>
/// <param name="capacity">Most admitted requests, running and waiting together.</param>
/// <param name="batchDelay">Penalty of a batch request.</param>
/// <param name="time">Null: the system's clock.</param>
public sealed class DiffusionQueue(int capacity, TimeSpan batchDelay, TimeProvider? time = null)
{
    const double NewestShare = 0.2;

    readonly TimeProvider time = time ?? TimeProvider.System;
    readonly object gate = new();
    readonly List<SamplingWork> works = [];                                  // in queue order
    TimeSpan meanWindow = TimeSpan.FromSeconds(5);
    long nextNumber;
    readonly LinkedList<TaskCompletionSource> returning = [];
    int admitted, waiting, together = 1;
    bool measured, stopped;

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

    /// <summary>Estimated time until a new request's first window is sampled. It is 0 until the first measurement.</summary>
    public TimeSpan ExpectedWait
    {
        get
        {
            lock (gate)
                return measured && waiting > 0 ? meanWindow * (1 + (double)waiting / together) : TimeSpan.Zero;
        }
    }

    /// <summary>Takes a place in the queue, released by disposal; null if the queue is full.</summary>
    /// <param name="batch">Whether interactive requests have priority.</param>
    public Place? TryAdmit(bool batch = false)
    {
        lock (gate)
        {
            // Requests that return come before new ones.
            if (admitted >= capacity || returning.Count > 0)
                return null;
            DiffusionMetrics.Requests.Record(++admitted);
            var turn = time.GetTimestamp() + (batch ? (long)(batchDelay.TotalSeconds * time.TimestampFrequency) : 0);
            return new Place(this, turn, nextNumber++);
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
            work.Added = time.GetTimestamp();
            var index = works.Count;
            while (index > 0 && work.Place.IsBefore(works[index - 1].Place))
                index--;
            works.Insert(index, work);
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
            var (rows, left) = (0, 0);
            foreach (var work in works)
            {
                if (rows + work.Sampler.Rows > maxRows)
                {
                    work.MoveTo(++left);
                    continue;
                }
                rows += work.Sampler.Rows;
                batch.Add(work);
                if (work.Started == 0)
                    DiffusionMetrics.WaitDuration.Record(time.GetElapsedTime(work.Added, work.Started = time.GetTimestamp()).TotalSeconds);
                work.MoveTo(0);
            }
            Waiting(left);
            together = batch.Count;
            DiffusionMetrics.BatchRows.Record(rows);
            return true;
        }
    }

    /// <summary>Removes a latent that is sampled or has failed.</summary>
    public void End(SamplingWork work, Exception? failure = null)
    {
        lock (gate)
        {
            works.Remove(work);
            meanWindow = meanWindow * (1 - NewestShare) + time.GetElapsedTime(work.Started) * NewestShare;
            measured = true;
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

    void Waiting(int count) => DiffusionMetrics.QueueLength.Record(waiting = count);

    /// <summary>The place of one request.</summary>
    public sealed class Place : IDisposable
    {
        readonly DiffusionQueue queue;
        readonly long turn, number;

        internal Place(DiffusionQueue queue, long turn, long number) => (this.queue, this.turn, this.number) = (queue, turn, number);

        bool held = true;

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

        internal bool IsBefore(Place other) => turn != other.turn ? turn < other.turn : number < other.number;

        public void Dispose()
        {
            lock (queue.gate)
                if (held)
                    Release();
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
