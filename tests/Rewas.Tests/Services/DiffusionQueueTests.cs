using Rewas.AudioDiffusion;
using Rewas.AudioDiffusion.Samplers;
using Rewas.Bundles;
using Rewas.Clip.Names;

namespace Rewas.Tests.Services;

public class DiffusionQueueTests
{
    const int MaxRows = 4;                                                   // two guided latents

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

    [Fact]
    public void The_expected_wait_follows_from_the_time_per_window_and_the_queue_length()
    {
        Assert.Equal(TimeSpan.Zero, queue.ExpectedWait);
        var works = Enumerable.Range(0, 10).Select(_ => Work(queue.TryAdmit()!)).ToList();
        works.ForEach(queue.Add);
        Take();
        Assert.Equal(TimeSpan.Zero, queue.ExpectedWait);                     // nothing has been sampled yet

        for (var done = 0; done < 6; done += 2)
        {
            clock.Now += TimeSpan.FromSeconds(5);
            queue.End(works[done]);
            queue.End(works[done + 1]);
            Take();
        }

        // Two run at a time for 5 s each, and two wait: one turn before this one, and its own.
        Assert.Equal(10, queue.ExpectedWait.TotalSeconds, 0.01);
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
        CancellationToken cancellation = default)
    {
        var (text, energy) = scale ?? (3, 3);
        var levels = new NoiseLevels(new SamplerDefaults(200, 3, 1), SamplerNames.Trailing, 2);
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
