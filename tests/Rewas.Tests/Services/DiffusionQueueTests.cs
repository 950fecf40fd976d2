using Rewas.AudioDiffusion;
using Rewas.AudioDiffusion.Samplers;
using Rewas.Bundles;
using Rewas.Clip.Names;

namespace Rewas.Tests.Services;

public class DiffusionQueueTests
{
    const int MaxRows = 4;                                                   // two guided latents

    static readonly TimeSpan StepTime = TimeSpan.FromSeconds(1);             // a slice is one call

    readonly Clock clock = new();
    readonly DiffusionQueue queue;

    public DiffusionQueueTests() => queue = new DiffusionQueue(40, TimeSpan.FromMinutes(1), clock);

    [Fact]
    public void Admits_as_many_as_fit_and_no_more()
    {
        var small = new DiffusionQueue(2, TimeSpan.Zero);
        var first = small.TryAdmit();
        using var second = small.TryAdmit();
        Assert.NotNull(first);
        Assert.NotNull(second);
        Assert.Null(small.TryAdmit());
        Assert.True(small.RetryAfter > TimeSpan.Zero);
        first.Dispose();
        first.Dispose();
        using var third = small.TryAdmit();
        Assert.NotNull(third);
        Assert.Null(small.TryAdmit());                                       // given back twice, it is one place
    }

    [Theory]
    [InlineData("", 5)]                                                      // five callers take turns
    [InlineData("ann", 2)]                                                   // ann's four requests, and this one
    public void The_expected_wait_follows_from_the_steps_and_from_the_callers_that_take_turns(string caller, int turns)
    {
        for (var i = 0; i < 4; i++)
            Filling(steps: 150, caller);
        Assert.Equal(TimeSpan.Zero, queue.ExpectedWait(MaxRows, steps: 10, caller: "bob"));       // nothing has been sampled yet
        Steps(8);

        Assert.Equal(10 * turns, queue.ExpectedWait(MaxRows, steps: 10, caller: "bob").TotalSeconds, 0.01);
        Assert.Equal(20 * turns, queue.ExpectedWait(MaxRows, steps: 20, caller: "bob").TotalSeconds, 0.01);
        Assert.Equal(5 * turns, queue.ExpectedWait(MaxRows / 2, steps: 10, caller: "bob").TotalSeconds, 0.01);
        Assert.Equal(50, queue.ExpectedWait(MaxRows, steps: 10, caller: "ann").TotalSeconds, 0.01);
        Assert.InRange(StepsUntilEnd(Filling(steps: 10, "bob")), 10 * turns - turns, 10 * turns);
    }

    [Fact]
    public void An_interactive_request_does_not_wait_for_batch_requests_and_a_batch_request_does()
    {
        for (var i = 0; i < 4; i++)
            Filling(steps: 20, batch: true);
        Steps(4);
        Assert.Equal(10, queue.ExpectedWait(MaxRows, steps: 10).TotalSeconds, 0.01);
        Assert.Equal(50, queue.ExpectedWait(MaxRows, steps: 10, batch: true).TotalSeconds, 0.01);
    }

    /// <summary>While requests take turns, each window takes longer. That says nothing about what the next one needs.</summary>
    [Fact]
    public void The_time_per_window_is_that_of_its_calls()
    {
        var before = queue.RetryAfter;
        var works = Enumerable.Range(0, 10).SelectMany(_ => Filling(steps: 5)).ToList();
        StepsUntilEnd(works);
        Assert.Equal(before.TotalSeconds, queue.RetryAfter.TotalSeconds, 0.01);        // 5 s each, as was assumed
    }

    [Fact]
    public void A_request_that_fills_every_call_shares_the_steps_with_one_that_comes_later()
    {
        var longer = Filling(steps: 100);
        Steps(10);
        var later = Filling(steps: 10);
        Assert.InRange(StepsUntilEnd(later), 19, 20);
        Assert.InRange(longer.Sum(work => work.Sampler.StepsDone), 2 * 19, 2 * 20);
    }

    [Fact]
    public void A_request_that_comes_late_does_not_wait_as_long_as_others_have_run()
    {
        var (ann, bob) = (Filling(steps: 100, "ann"), Filling(steps: 100, "bob"));
        Steps(80);
        Assert.InRange(StepsUntilEnd(Filling(steps: 10, "eve")), 28, 30);
        Assert.All(ann.Concat(bob), work => Assert.InRange(work.Sampler.StepsDone, 49, 51));
    }

    [Fact]
    public void A_small_request_that_comes_later_shares_calls_with_one_that_would_fill_them()
    {
        var longer = Filling(steps: 100);
        longer.AddRange(Filling(steps: 100, place: longer[0].Place));
        Steps(10);
        var later = Work(queue.TryAdmit()!, steps: 10);
        queue.Add(later);
        var calls = 0;
        for (; !later.Ended.IsCompleted; calls++)
            Assert.Equal(2, Step().Count);                                   // two latents fill the call
        Assert.InRange(calls, 10, 12);
    }

    [Fact]
    public void However_many_short_requests_come_a_long_one_goes_on()
    {
        var longer = Filling(steps: 100);
        var others = Enumerable.Range(0, 3).Select(_ => Filling(steps: 2)).ToList();
        for (var call = 0; call < 40; call++)
        {
            Step();
            for (var i = 0; i < others.Count; i++)
                if (others[i].TrueForAll(work => work.Ended.IsCompleted))
                    others[i] = Filling(steps: 2);
        }
        Assert.InRange(longer[0].Sampler.StepsDone, 9, 11);                  // one call in four
    }

    [Theory]
    [InlineData("ann", 20, 20)]
    [InlineData("", 32, 8)]                                                  // without a name, each request is a caller of its own
    public void Four_requests_of_a_caller_together_get_as_many_steps_as_one_of_another(string caller, int ofFour, int ofOther)
    {
        var four = Enumerable.Range(0, 4).Select(_ => Filling(steps: 100, caller)).ToList();
        var other = Filling(steps: 100, "bob");
        Steps(40);
        Assert.Equal(ofOther, other[0].Sampler.StepsDone);
        Assert.All(four, works => Assert.Equal(ofFour / 4, works[0].Sampler.StepsDone));
    }

    [Fact]
    public void A_caller_that_comes_back_has_saved_up_nothing()
    {
        using var place = queue.TryAdmit(caller: "ann")!;
        StepsUntilEnd(Filling(steps: 2, place: place));
        var other = Filling(steps: 100, "bob");
        Steps(50);
        var back = Filling(steps: 100, place: place);
        Steps(20);
        Assert.Equal((10, 60), (back[0].Sampler.StepsDone, other[0].Sampler.StepsDone));
    }

    [Fact]
    public void A_batch_request_gets_no_step_for_its_time_and_then_takes_turns()
    {
        var (interactive, batch) = (Filling(steps: 150), Filling(steps: 150, batch: true));
        Steps(60);
        Assert.Equal((60, 0), (interactive[0].Sampler.StepsDone, batch[0].Sampler.StepsDone));
        Steps(20);
        Assert.Equal((70, 10), (interactive[0].Sampler.StepsDone, batch[0].Sampler.StepsDone));
    }

    [Fact]
    public void Steps_that_take_less_than_a_slice_are_taken_together()
    {
        var (first, second) = (Filling(steps: 100), Filling(steps: 100));
        for (var call = 0; call < 100; call++)
            Step(TimeSpan.FromMilliseconds(20));
        Assert.Equal((50, 50), (first[0].Sampler.StepsDone, second[0].Sampler.StepsDone));

        List<List<SamplingWork>> batches = [.. Enumerable.Range(0, 20).Select(_ => Step(TimeSpan.FromMilliseconds(20)))];
        Assert.Equal(4, batches.Zip(batches.Skip(1)).Count(pair => pair.First[0] != pair.Second[0]) + 1);        // five calls each
    }

    [Fact]
    public void Positions_are_told_before_the_first_step_only()
    {
        List<int>[] heard = [[], []];
        var works = heard.Select(positions => Work(queue.TryAdmit()!, positions.Add, scale: (3, 2), steps: 10)).ToList();
        works.ForEach(queue.Add);
        Steps(10);                                                           // they do not fit into one call
        Assert.Equal([[0], [1, 0]], heard);
    }

    [Fact]
    public void Those_admitted_first_share_the_call_and_positions_count_down()
    {
        var places = Enumerable.Range(0, 4).Select(_ => queue.TryAdmit()!).ToList();
        List<int>[] heard = [[], [], [], []];
        var works = Enumerable.Range(0, 4).Select(i => Work(places[i], heard[i].Add)).ToList();
        foreach (var i in (int[])[2, 3, 1, 0])                               // they become ready in another order
            queue.Add(works[i]);
        Assert.Equal([works[0], works[1]], Take());
        queue.End(works[0]);
        Assert.Equal([works[1], works[2]], Take());
        Assert.Equal([works[1], works[2]], Take());                          // nothing new is told
        queue.End(works[1]);
        Assert.Equal([works[2], works[3]], Take());
        Assert.Equal([[0], [0], [1, 0], [2, 1, 0]], heard);
        Assert.True(works[0].Ended.IsCompletedSuccessfully);
    }

    [Fact]
    public void An_interactive_request_is_in_the_next_call_though_32_batch_requests_wait()
    {
        for (var i = 0; i < 32; i++)
            queue.Add(Work(queue.TryAdmit(batch: true)!));
        Take();
        clock.Now += TimeSpan.FromSeconds(5);
        var interactive = Work(queue.TryAdmit()!);
        queue.Add(interactive);
        Assert.Equal(interactive, Take()[0]);
    }

    [Fact]
    public void A_batch_request_that_has_waited_long_enough_goes_first()
    {
        var batch = Work(queue.TryAdmit(batch: true)!);
        queue.Add(batch);
        clock.Now += TimeSpan.FromSeconds(61);
        for (var i = 0; i < 5; i++)
            queue.Add(Work(queue.TryAdmit()!));
        Assert.Equal(batch, Take()[0]);
    }

    [Fact]
    public void A_latent_that_needs_few_rows_fills_the_call()
    {
        var (first, second, third) = (
            Work(queue.TryAdmit()!, scale: (3, 2)), Work(queue.TryAdmit()!), Work(queue.TryAdmit()!, scale: (1, 1)));
        foreach (var work in (SamplingWork[])[first, second, third])
            queue.Add(work);
        Assert.Equal([first, third], Take());                                // 3 + 1 rows
    }

    [Fact]
    public async Task Cancelled_work_leaves_at_the_next_step()
    {
        using var cancellation = new CancellationTokenSource();
        var (cancelled, other) = (Work(queue.TryAdmit()!, cancellation: cancellation.Token), Work(queue.TryAdmit()!));
        queue.Add(cancelled);
        queue.Add(other);
        Assert.Equal([cancelled, other], Take());
        await cancellation.CancelAsync();
        Assert.Equal([other], Take());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Ended);
    }

    [Fact]
    public async Task Stopping_cancels_what_waits_and_what_comes()
    {
        var (before, after) = (Work(queue.TryAdmit()!), Work(queue.TryAdmit()!));
        queue.Add(before);
        queue.Stop();
        queue.Add(after);
        Assert.False(queue.Take(MaxRows, []));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => before.Ended);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => after.Ended);
    }

    /// <summary>Adds the latents of a request that fill a call.</summary>
    List<SamplingWork> Filling(int steps, string caller = "", bool batch = false, DiffusionQueue.Place? place = null)
    {
        place ??= queue.TryAdmit(batch, caller)!;
        List<SamplingWork> works = [Work(place, steps: steps), Work(place, steps: steps)];
        works.ForEach(queue.Add);
        return works;
    }

    /// <summary>Takes the next step as the loop does.</summary>
    /// <returns>The latents of the call.</returns>
    List<SamplingWork> Step(TimeSpan? elapsed = null)
    {
        var batch = Take();
        batch.ForEach(work => work.Sampler.StepElsewhere());
        clock.Now += elapsed ?? StepTime;
        queue.StepDone(batch, elapsed ?? StepTime);
        batch.Where(work => work.Sampler.IsDone).ToList().ForEach(work => queue.End(work));
        return batch;
    }

    void Steps(int count)
    {
        for (var step = 0; step < count; step++)
            Step();
    }

    /// <returns>The number of calls.</returns>
    int StepsUntilEnd(List<SamplingWork> works)
    {
        var calls = 0;
        for (; works.Exists(work => !work.Ended.IsCompleted); calls++)
            Step();
        return calls;
    }

    List<SamplingWork> Take()
    {
        List<SamplingWork> batch = [];
        Assert.True(queue.Take(MaxRows, batch));
        return batch;
    }

    static SamplingWork Work(
        DiffusionQueue.Place place,
        Action<int>? moved = null,
        (double Text, double Energy)? scale = null,
        int steps = 2,
        CancellationToken cancellation = default)
    {
        var (text, energy) = scale ?? (3, 3);
        var levels = new NoiseLevels(new SamplerDefaults(200, 3, 1), SamplerNames.Trailing, steps);
        var condition = new Condition(new float[2], new float[2]);
        var sampler = new WindowSampler(
            new SamplingRequest(1, SamplerNames.Ddim, 0, levels, new(text, energy)), new(condition, condition, condition), 4, window: 0);
        return new SamplingWork(sampler, place, moved, stepDone: null, cancellation);
    }

    sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
