namespace Rewas.Tests.Fuzzing;

/// <summary>A reader of files or bytes from outside.</summary>
/// <param name="Name">Name of the folder of its corpus, below tests/fixtures/fuzz.</param>
/// <param name="Read">Reads an input. Only what <paramref name="IsExpected"/> accepts may be thrown.</param>
/// <param name="IsExpected">Whether a failure is one that the reader promises.</param>
/// <param name="Words">Parts of the format, which mutations insert.</param>
public sealed record FuzzTarget(string Name, Action<byte[]> Read, Func<Exception, bool> IsExpected, IReadOnlyList<byte[]> Words)
{
    /// <summary>
    /// What one input may cost. No corpus file has more than some kilobytes, so all that takes longer is out of proportion to it.
    /// </summary>
    static readonly TimeSpan MostProcessorTime = TimeSpan.FromSeconds(1);

    const long AllocatedRest = 32L << 20, AllocatedPerByte = 400;

    /// <summary>Mutations of the corpus that every run of the tests tries.</summary>
    public int UsualMutations { get; init; } = 2_000;

    /// <returns>Why an input is a finding; null if it is none.</returns>
    public string? Check(byte[] input)
    {
        var (cost, failure) = Cost.Of(() => Read(input));
        if (failure is not null && !IsExpected(failure))
            return $"{failure}";
        if (cost.ProcessorTime > MostProcessorTime)
            return $"takes {cost.ProcessorTime.TotalSeconds:0.0} s of processor time";
        var most = AllocatedRest + AllocatedPerByte * input.Length;
        return cost.AllocatedBytes > most ? $"allocates {cost.AllocatedBytes} bytes, more than {most}" : null;
    }
}
