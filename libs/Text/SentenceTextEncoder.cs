namespace Rewas.Text;

/// <summary>The process's sentence encoder, which outlives bundles.</summary>
sealed class SentenceTextEncoder : TextEncoder
{
    public override void Load() => _ = SentenceEncoder.Shared;

    public override float[] Encode(string text, CancellationToken cancellation = default)
        => SentenceEncoder.Shared.Encode(text, cancellation);

    protected override void Dispose(bool disposing)
    {
        // Nothing to do: the encoder belongs to the process.
    }
}
