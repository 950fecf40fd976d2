using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Rewas.AudioDiffusion;

/// <summary>
/// Who samples next. Requests are admitted up to a limit; among those that have a window ready, the one admitted first has the device
/// for that window. A request that waits for its energy holds nobody up.
/// </summary>
/// <param name="capacity">Requests admitted at once, sampling and waiting together.</param>
public sealed class DiffusionQueue(int capacity)
{
    readonly Lock gate = new();
    readonly SortedSet<Ticket> waiting = new(Comparer<Ticket>.Create((a, b) => a.Number.CompareTo(b.Number)));
    Ticket? sampling;
    long nextNumber;
    TimeSpan meanTurn = TimeSpan.FromSeconds(5);

    /// <summary>Requests admitted now.</summary>
    public int Admitted { get; private set; }

    public int Capacity => capacity;

    /// <summary>About how long until a place is free, when the queue is full.</summary>
    public TimeSpan RetryAfter
    {
        get
        {
            lock (gate)
                return meanTurn * Math.Max(1, waiting.Count);
        }
    }

    /// <summary>A place in the queue, given back by disposing it, or null when the queue is full.</summary>
    public Ticket? TryAdmit()
    {
        lock (gate)
        {
            if (Admitted >= capacity)
                return null;
            Admitted++;
            return new Ticket(this, nextNumber++);
        }
    }

    /// <summary>Gives the device to the first in the queue if it is free, and tells those whose position changed. Under <see cref="gate"/>.</summary>
    void Advance()
    {
        if (sampling is null && waiting.Min is { } first)
        {
            waiting.Remove(first);
            sampling = first;
            first.MoveTo(0);
        }
        var position = 1;
        foreach (var ticket in waiting)
            ticket.MoveTo(position++);
    }

    /// <summary>One request's place.</summary>
    public sealed class Ticket : IDisposable
    {
        readonly DiffusionQueue queue;
        Channel<int> positions = NewPositions();
        int lastPosition = -1;
        long turnStarted;
        bool disposed;

        internal Ticket(DiffusionQueue queue, long number) => (this.queue, Number) = (queue, number);

        internal long Number { get; }

        /// <summary>
        /// Waits for the device. Answers the requests before this one each time their number changes, and last 0: from then on the
        /// device is this request's until <see cref="EndTurn"/>.
        /// </summary>
        public async IAsyncEnumerable<int> WaitForTurn([EnumeratorCancellation] CancellationToken cancellation)
        {
            lock (queue.gate)
            {
                (positions, lastPosition) = (NewPositions(), -1);
                queue.waiting.Add(this);
                queue.Advance();
            }
            var position = -1;
            try
            {
                while (position != 0)
                    yield return position = await positions.Reader.ReadAsync(cancellation);
            }
            finally
            {
                if (position != 0)
                    Leave();
            }
        }

        /// <summary>Gives the device to the next request.</summary>
        public void EndTurn()
        {
            lock (queue.gate)
            {
                if (queue.sampling == this)
                    queue.meanTurn = queue.meanTurn * 0.8 + TimeProvider.System.GetElapsedTime(turnStarted) * 0.2;
            }
            Leave();
        }

        public void Dispose()
        {
            Leave();
            lock (queue.gate)
            {
                if (!disposed)
                    queue.Admitted--;
                disposed = true;
            }
        }

        /// <summary>Only the newest position matters to a slow reader. Under the queue's gate.</summary>
        internal void MoveTo(int position)
        {
            if (position == 0)
                turnStarted = TimeProvider.System.GetTimestamp();
            if (position != lastPosition)
                positions.Writer.TryWrite(lastPosition = position);
        }

        void Leave()
        {
            lock (queue.gate)
            {
                queue.waiting.Remove(this);
                if (queue.sampling == this)
                    queue.sampling = null;
                queue.Advance();
            }
        }

        static Channel<int> NewPositions() => Channel.CreateBounded<int>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    }
}
