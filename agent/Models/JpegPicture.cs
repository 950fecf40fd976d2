using Rewas.PromptCheck;
using SkiaSharp;

namespace Rewas.Agent.Models;

/// <summary>Encodes a key frame as JPEG, which language models accept.</summary>
static class JpegPicture
{
    const int Quality = 80;

    public static byte[] Of(KeyFrame frame)
    {
        const int Side = KeyFrames.Side;
        var pixels = new byte[Side * Side * 4];
        Array.Fill(pixels, byte.MaxValue);                                   // opaque; the encoder requires an alpha channel
        for (var i = 0; i < Side * Side; i++)
            frame.Rgb.AsSpan(3 * i, 3).CopyTo(pixels.AsSpan(4 * i));
        using var image = SKImage.FromPixelCopy(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque), pixels);
        using var data = image.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return data.ToArray();
    }
}
