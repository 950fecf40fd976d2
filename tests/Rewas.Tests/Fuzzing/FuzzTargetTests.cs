using System.Globalization;

namespace Rewas.Tests.Fuzzing;

/// <summary>
/// Readers of files and bytes from outside, fed with the corpus and with mutations of it. An input is a finding if it throws what the
/// reader does not promise, or costs more processor time or memory than its length explains.
/// </summary>
public sealed class FuzzTargetTests(ITestOutputHelper output)
{
    const int Seed = 20_261_129;

    /// <summary>Environment variable with the seconds of processor time for each target of the nightly run. Unset: a minute.</summary>
    const string SecondsVariable = "REWAS_FUZZ_SECONDS";

    /// <summary>Environment variable with the name of the only target to run. Unset: all targets.</summary>
    const string TargetVariable = "REWAS_FUZZ_TARGET";

    public static TheoryData<string> Targets => Environment.GetEnvironmentVariable(TargetVariable) is { Length: > 0 } only
        ? [FuzzTargets.Named(only).Name]
        : [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void No_input_of_the_corpus_and_no_mutation_of_it_is_a_finding(string name)
    {
        var (target, corpus) = (FuzzTargets.Named(name), Corpus.Of(name));
        Assert.NotEmpty(corpus);
        foreach (var input in corpus)
            if (target.Check(input) is { } finding)
                Assert.Fail(Shown(input, finding, Seed));
        var mutator = new Mutator(new Random(Seed), target.Words);
        for (var i = 0; i < target.UsualMutations; i++)
        {
            var input = mutator.Mutated(corpus);
            if (target.Check(input) is { } finding)
                Assert.Fail(Shown(input, finding, Seed));
        }
    }

    [Theory(Explicit = true)]
    [MemberData(nameof(Targets))]
    public void No_input_of_tonight_is_a_finding(string name)
    {
        var seed = FuzzSeed.Tonight;
        var limit = TimeSpan.FromSeconds(FuzzSeed.Number(SecondsVariable, 60));
        using var guide = new CoverageGuide();
        var (random, corpus) = (new Random(seed), Corpus.Of(name));
        var mutator = new Mutator(random, FuzzTargets.Named(name).Words);
        foreach (var input in corpus)
            Run(input);
        var (ofCorpus, kept, runs) = (guide.Reached, 0, 0L);
        for (var start = Environment.CpuUsage.TotalTime; Environment.CpuUsage.TotalTime - start < limit; runs++)
        {
            var input = mutator.Mutated(corpus);
            if (!Run(input))
                continue;
            corpus.Add(input);                                               // what reaches something new is changed further
            kept++;
        }
        var line = string.Create(CultureInfo.InvariantCulture,
            $"{name}: {runs} inputs in {limit.TotalSeconds} s of processor time, seed {seed}; {kept} reached something new; "
            + $"branches {ofCorpus} to {guide.Reached}");
        output.WriteLine(line);
        TestContext.Current.SendDiagnosticMessage(line);
        Assert.True(guide.Reached > ofCorpus / 2 && ofCorpus > 0, line);

        bool Run(byte[] input)
        {
            var (finding, isNew) = guide.Run(name, input);
            if (finding is not null)
                Assert.Fail(Shown(input, finding, seed));
            return isNew;
        }
    }

    static string Shown(byte[] input, string finding, int seed) =>
        $"{finding}\nseed {seed}; {input.Length} bytes, base64:\n{Convert.ToBase64String(input)}";
}
