namespace Rewas.AudioDiffusion;

/// <summary>
/// Who is in the next call of the denoiser. Requests are admitted up to a limit; at every step, the latents of those admitted first come first, as
/// many as fit. A batch request counts as if it had come later by a fixed time: interactive ones overtake it until then, and nothing starves.
/// </summary>
/// <param name="capacity">Requests admitted at once, sampling and waiting together.</param>
/// <param name="batchDelay">By how much later a batch request counts.</param>
/// <param name="time">The clock; the system's if null.</param>
public sealed class DiffusionQueue(int capacity, TimeSpan batchDelay, TimeProvider? time = null)
{
    const double NewestShare = 0.2;

    readonly TimeProvider time = time ?? TimeProvider.System;
    readonly object gate = new();
    readonly List<SamplingWork> works = [];                                  // in the order of their turn
    TimeSpan meanWindow = TimeSpan.FromSeconds(5);
    long nextNumber;
    int admitted, waiting, together = 1;
    bool measured, stopped;

    public int Capacity => capacity;

    /// <summary>About how long until a place is free, when the queue is full.</summary>
    public TimeSpan RetryAfter
    {
        get
        {
            lock (gate)
                return meanWindow * Math.Max(1, waiting);
        }
    }

    /// <summary>About how long a request that comes now waits until its first window is sampled; 0 as long as nothing was sampled.</summary>
    public TimeSpan ExpectedWait
    {
        get
        {
            lock (gate)
                return measured && waiting > 0 ? meanWindow * (1 + (double)waiting / together) : TimeSpan.Zero;
        }
    }

    /// <summary>A place in the queue, given back by disposing it, or null when the queue is full.</summary>
    /// <param name="batch">Whether it gives way to interactive requests.</param>
    public Place? TryAdmit(bool batch = false)
    {
        lock (gate)
        {
            if (admitted >= capacity)
                return null;
            DiffusionMetrics.Requests.Record(++admitted);
            var turn = time.GetTimestamp() + (batch ? (long)(batchDelay.TotalSeconds * time.TimestampFrequency) : 0);
            return new Place(this, turn, nextNumber++);
        }
    }

    /// <summary>From now on the latent takes part in calls, until it is sampled or cancelled.</summary>
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

    /// <summary>Waits until there is work, and picks what takes part in the next call.</summary>
    /// <param name="maxRows">Rows of the call at most; at least what one latent needs.</param>
    /// <param name="batch">Filled with what was picked.</param>
    /// <returns>False when the queue was stopped.</returns>
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

    /// <summary>The latent is sampled, or failed.</summary>
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

    /// <summary>Cancels everything, and ends <see cref="Take"/>.</summary>
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

    /// <summary>One request's place.</summary>
    public sealed class Place : IDisposable
    {
        readonly DiffusionQueue queue;
        readonly long turn, number;
        bool disposed;

        internal Place(DiffusionQueue queue, long turn, long number) => (this.queue, this.turn, this.number) = (queue, turn, number);

        internal bool IsBefore(Place other) => turn != other.turn ? turn < other.turn : number < other.number;

        public void Dispose()
        {
            lock (queue.gate)
            {
                if (!disposed)
                    DiffusionMetrics.Requests.Record(--queue.admitted);
                disposed = true;
            }
        }
    }
}
