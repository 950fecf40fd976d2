using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.Hosting;

namespace Rewas.EndToEnd.Tests;

/// <summary>Networks are loaded during decoding, and only if a video goes to a stage.</summary>
public class LoadingAheadTests
{
    static readonly GenerateProgress Uploading = new GenerateProgress.Uploaded(1, 2), Other = new GenerateProgress.EnergyPredicted(0, 1);

    [Fact]
    public async Task Loads_every_stage_once_and_in_order_when_the_upload_begins()
    {
        var (order, done) = (new List<string>(), new TaskCompletionSource());
        await using var ahead = new LoadingAhead(
            [() => new Stage(() => order.Add("first")), () => new Stage(() => order.Add("second")), () => new Stage(done.SetResult)]);
        var progress = new Reports();
        var watched = ahead.Watch(progress, []);

        watched.Report(Uploading);
        watched.Report(Uploading);
        await done.Task.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["first", "second"], order);
        Assert.Equal([Uploading, Uploading], progress.Seen);
    }

    [Fact]
    public async Task Stages_are_told_the_texts_of_the_request()
    {
        var told = new TaskCompletionSource<IReadOnlyList<string>>();
        await using var ahead = new LoadingAhead([() => new Reader(told.SetResult)]);
        ahead.Watch(new Reports(), ["rain", "a dog"]).Report(Uploading);
        Assert.Equal(["rain", "a dog"], await told.Task.WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Loads_nothing_when_nothing_is_uploaded()
    {
        var made = 0;
        var ahead = new LoadingAhead([() => new Stage(() => made++)]);

        ahead.Watch(new Reports(), []).Report(Other);
        await ahead.DisposeAsync();

        Assert.Equal(0, made);
    }

    [Fact]
    public async Task Ends_after_the_stage_that_is_being_loaded_and_loads_no_other()
    {
        using var release = new ManualResetEventSlim();
        var (begun, ended, others) = (new TaskCompletionSource(), false, 0);
        var ahead = new LoadingAhead([() => new Stage(Slow), () => new Stage(() => others++)]);
        ahead.Watch(new Reports(), []).Report(Uploading);
        await begun.Task.WaitAsync(TestContext.Current.CancellationToken);

        var ending = ahead.DisposeAsync().AsTask();
        Assert.False(ending.IsCompleted);
        release.Set();
        await ending;

        Assert.True(ended);
        Assert.Equal(0, others);

        void Slow()
        {
            begun.SetResult();
            release.Wait();
            ended = true;
        }
    }

    [Fact]
    public async Task A_stage_that_cannot_be_loaded_is_left_to_its_call()
    {
        var tried = new TaskCompletionSource();
        var ahead = new LoadingAhead([() => new Stage(Fail)]);

        ahead.Watch(new Reports(), []).Report(Uploading);
        await tried.Task.WaitAsync(TestContext.Current.CancellationToken);
        await ahead.DisposeAsync();

        void Fail()
        {
            tried.SetResult();
            throw new InvalidOperationException("weights");
        }
    }

    sealed class Reader(Action<IReadOnlyList<string>> read) : ILoadable
    {
        public void Load()
        {
        }

        public void Load(IReadOnlyList<string> texts) => read(texts);
    }

    sealed class Stage(Action load) : ILoadable
    {
        public void Load() => load();
    }

    sealed class Reports : IProgress<GenerateProgress>
    {
        public List<GenerateProgress> Seen { get; } = [];

        public void Report(GenerateProgress value) => Seen.Add(value);
    }
}
