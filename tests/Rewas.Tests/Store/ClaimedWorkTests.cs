using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rewas.Store.Data;
using Rewas.Store.Settings;

namespace Rewas.Tests.Store;

public sealed class ClaimedWorkTests
{
    static readonly TimeSpan Poll = TimeSpan.FromSeconds(0.25), TakeOver = TimeSpan.FromMinutes(10);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replica_waits_between_two_looks_while_another_one_works_and_goes_on_with_the_rest()
    {
        using var folder = new TemporaryFolder();
        await using StoreReplica one = Replica(folder), two = Replica(folder);
        var list = new TodoList("a", "b");
        var gate = new TaskCompletionSource();
        await using var working = new Todo(one, list) { Before = (_, _) => gate.Task };
        await using var waiting = new Todo(two, list);

        working.Ensure("list");
        await Wait.UntilAsync(() => working.Begun == 1, "one replica works");
        waiting.Ensure("list");
        await Wait.UntilAsync(() => waiting.Looks == 1, "the other one looks");
        var intervals = 0;
        await Wait.UntilAsync(
            () =>
            {
                intervals++;
                two.Clock.Advance(Poll);
                return waiting.Looks > 3;
            },
            "the other one looks again");
        Assert.InRange(waiting.Looks, 1, 1 + intervals);
        Assert.Equal((1, 0), (working.Begun, waiting.Begun));

        gate.SetResult();
        await working.Ended("list").WaitAsync(Token);
        await Wait.UntilAsync(
            () =>
            {
                two.Clock.Advance(Poll);
                return waiting.Ended("list").IsCompleted;
            },
            "nothing is left");
        Assert.Equal(["a", "b"], list.Done);
    }

    [Fact]
    public async Task Work_that_comes_while_the_last_look_finds_nothing_is_done()
    {
        using var folder = new TemporaryFolder();
        await using var replica = Replica(folder);
        var list = new TodoList();
        await using var own = new Todo(replica, list);
        own.AfterLook = () =>
        {
            own.AfterLook = () => { };
            list.Add("late");
            own.Ensure("list");                                              // its task has seen an empty list, and has not ended
        };

        own.Ensure("list");
        await own.Ended("list").WaitAsync(Token);

        Assert.Equal(["late"], list.Done);
    }

    [Fact]
    public async Task Work_that_fails_is_told_and_tried_again_later()
    {
        using var folder = new TemporaryFolder();
        await using var replica = Replica(folder);
        var list = new TodoList("a");
        await using var todo = new Todo(replica, list)
        {
            Before = (attempt, _) => attempt == 1 ? throw new IOException("no space left on device") : Task.CompletedTask,
        };

        todo.Ensure("list");
        await Wait.UntilAsync(() => todo.Told.Length == 1, "the failure is told");
        Assert.Empty(list.Done);
        await Wait.UntilAsync(
            () =>
            {
                replica.Clock.Advance(TakeOver);
                return todo.Ended("list").IsCompleted;
            },
            "it is tried again");

        Assert.Equal(["a"], list.Done);
        Assert.Equal(["no space left on device"], todo.Told);
    }

    [Fact]
    public async Task A_process_that_stops_breaks_its_work_off_and_another_one_does_it()
    {
        using var folder = new TemporaryFolder();
        await using StoreReplica one = Replica(folder), two = Replica(folder);
        var list = new TodoList("a");
        await using var stopping = new Todo(one, list) { Before = (_, stop) => Task.Delay(Timeout.Infinite, stop) };
        await using var next = new Todo(two, list);

        stopping.Ensure("list");
        await Wait.UntilAsync(() => stopping.Begun == 1, "it works");
        await stopping.StopAsync();
        stopping.Ensure("list");                                             // it begins nothing any more
        Assert.True(stopping.Ended("list").IsCompleted);
        Assert.Empty(list.Done);

        next.Ensure("list");
        await next.Ended("list").WaitAsync(Token);
        Assert.Equal((1, 1), (stopping.Begun, next.Begun));
        Assert.Equal(["a"], list.Done);
    }

    [Fact]
    public async Task Work_that_another_replica_has_done_before_the_claim_is_taken_is_not_done_again()
    {
        using var folder = new TemporaryFolder();
        await using var replica = Replica(folder);
        var list = new TodoList("a");
        await using var own = new Todo(replica, list);
        own.AfterLook = () =>
        {
            own.AfterLook = () => { };
            list.End("a");                                                   // by a replica that frees its claim now
        };

        own.Ensure("list");
        await own.Ended("list").WaitAsync(Token);

        Assert.Equal(0, own.Begun);
        Assert.Equal(["a"], list.Done);
        Assert.Empty(own.Told);
    }

    /// <summary>A replica that takes nothing over while its clock goes on by some intervals.</summary>
    static StoreReplica Replica(TemporaryFolder folder) => new(
        folder.Path, add: null, ("Store:PollInterval", $"{Poll}"), ("Store:TakeOverAfter", $"{TakeOver}"));

    /// <summary>What is to be done, as rows of a database would hold it.</summary>
    sealed class TodoList(params string[] todo)
    {
        readonly Queue<string> open = new(todo);
        readonly List<string> done = [];

        public string[] Done
        {
            get
            {
                lock (open)
                    return [.. done];
            }
        }

        public void Add(string item)
        {
            lock (open)
                open.Enqueue(item);
        }

        public string? First()
        {
            lock (open)
                return open.TryPeek(out var first) ? first : null;
        }

        public void End(string item)
        {
            lock (open)
            {
                Assert.Equal(item, open.Dequeue());
                done.Add(item);
            }
        }
    }

    sealed class Todo(StoreReplica replica, TodoList list) : ClaimedWork<string>(
        replica.Get<Claims>(), replica.Get<IOptions<StoreOptions>>(), replica.Get<TimeProvider>())
    {
        readonly List<string> told = [];
        int looks, begun;

        public Func<int, CancellationToken, Task> Before { get; init; } = (_, _) => Task.CompletedTask;

        public Action AfterLook { get; set; } = () => { };

        public int Looks => Volatile.Read(ref looks);

        public int Begun => Volatile.Read(ref begun);

        public string[] Told
        {
            get
            {
                lock (told)
                    return [.. told];
            }
        }

        protected override string ClaimOf(string key) => $"todo {key}";

        protected override Task<string?> NextAsync(string key, CancellationToken cancellation)
        {
            Interlocked.Increment(ref looks);
            var next = list.First();
            AfterLook();
            return Task.FromResult(next);
        }

        protected override async Task DoAsync(string work, Claim claim)
        {
            await Before(Interlocked.Increment(ref begun), Ending);
            list.End(work);
        }

        protected override void Broke(Exception failure, string key)
        {
            lock (told)
                told.Add(failure.Message);
        }
    }
}
