namespace Rewas.Text;

/// <summary>The process's sentence encoder, which outlives every bundle.</summary>
sealed class SentenceTextEncoder : TextEncoder
{
    readonly SentenceEncoder encoder = SentenceEncoder.Shared;

    public override float[] Encode(string text, CancellationToken cancellation = default) => encoder.Encode(text, cancellation);
}
