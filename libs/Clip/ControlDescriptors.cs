namespace Rewas.Clip;

/// <summary>
/// Additional inputs of an adapter besides the energy, one row per channel over the latent's frames: whether onsets are given, the onsets,
/// whether texture is given, its five numbers. Rows of absent inputs are zero, as the absent control latent is.
/// </summary>
public static class ControlDescriptors
{
    /// <summary>Numbers of a frame's spectral texture.</summary>
    public const int TextureNumbers = 5;

    /// <summary>Number of rows.</summary>
    public const int Count = 3 + TextureNumbers;

    const int OnsetsGiven = 0, Onsets = 1, TextureGiven = 2, Texture = 3;

    /// <summary>Texture of real sounds deviates by 0.12 to 0.13 from its middle. The gain scales that to a deviation of about 1.</summary>
    const float MiddleOfTexture = 0.5f, TextureGain = 8;

    /// <param name="onsets">Strength of onsets, 0 to 1, with a whole number of values per frame, whose maximum is used. Empty if
    /// absent.</param>
    /// <param name="texture">Texture, 0 to 1, [T, 5] with a whole number of values per frame, whose mean is used. Empty if absent.</param>
    /// <param name="frames">Number of latent frames.</param>
    /// <returns>[8, frames].</returns>
    public static float[] Of(ReadOnlySpan<float> onsets, ReadOnlySpan<float> texture, int frames)
    {
        ThrowUnlessWhole(onsets.Length, frames, nameof(onsets));
        ThrowUnlessWhole(texture.Length, frames * TextureNumbers, nameof(texture));
        var rows = new float[Count * frames];
        for (var frame = 0; frame < frames; frame++)
        {
            if (onsets.Length > 0)
            {
                rows[OnsetsGiven * frames + frame] = 1;
                var each = onsets.Length / frames;
                foreach (var value in onsets.Slice(frame * each, each))
                    rows[Onsets * frames + frame] = Math.Max(rows[Onsets * frames + frame], value);
            }
            if (texture.Length > 0)
            {
                rows[TextureGiven * frames + frame] = 1;
                var each = texture.Length / TextureNumbers / frames;
                for (var number = 0; number < TextureNumbers; number++)
                {
                    var sum = 0f;
                    for (var i = 0; i < each; i++)
                        sum += texture[(frame * each + i) * TextureNumbers + number];
                    rows[(Texture + number) * frames + frame] = (sum / each - MiddleOfTexture) * TextureGain;
                }
            }
        }
        return rows;
    }

    static void ThrowUnlessWhole(int length, int parts, string name)
    {
        if (length % parts != 0)
            throw new ArgumentException($"{length} values do not divide into {parts}", name);
    }
}
