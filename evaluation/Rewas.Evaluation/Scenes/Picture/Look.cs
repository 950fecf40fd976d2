using System.Numerics;
using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Scenes.Picture;

/// <summary>How a scene is filmed: everything about the picture that does not affect the sound.</summary>
sealed class Look
{
    public Look(SceneRandom random)
    {
        Zoom = random.Between(0.88f, 1.15f);
        Pan = new Vector2(random.Between(-0.05f, 0.05f), random.Between(-0.04f, 0.04f));
        Roll = random.Between(-0.05f, 0.05f);
        Mirrored = random.Chance(0.5);
        Blur = random.Chance(0.4) ? random.Between(0.002f, 0.014f) : 0;
        Shutter = random.Chance(0.5) ? random.Between(0.01f, 0.03f) : 0;
        Noise = random.Chance(0.6) ? random.Between(0.5f, 5f) : 0;
        Shake = random.Chance(0.4) ? random.Between(0.001f, 0.008f) : 0;
        ShakeRate = random.Between(0.5f, 4f);
        Exposure = random.Between(0.65f, 1.25f);
        Tint = Vector4.One + new Vector4(random.Between(-0.15f, 0.15f), random.Between(-0.06f, 0.06f), random.Between(-0.15f, 0.15f), 0);
        Drift = random.Chance(0.5) ? random.Between(0.01f, 0.1f) : 0;
        DriftRate = random.Between(0.1f, 0.8f);
        Vignette = random.Chance(0.5) ? random.Between(0.1f, 0.6f) : 0;
        Contrast = random.Between(0.8f, 1.2f);
        Phase = random.Between(0f, MathF.Tau);
    }

    public float Zoom { get; }

    /// <summary>World point in the middle of the picture.</summary>
    public Vector2 Pan { get; }

    /// <summary>Radians.</summary>
    public float Roll { get; }

    public bool Mirrored { get; }

    /// <summary>Softness of edges, in heights of the picture.</summary>
    public float Blur { get; }

    /// <summary>Exposure time of a frame, seconds; 0 is instantaneous.</summary>
    public float Shutter { get; }

    /// <summary>Sensor noise, in levels of 255.</summary>
    public float Noise { get; }

    /// <summary>Amplitude of the hand's tremor, in heights of the picture.</summary>
    public float Shake { get; }

    /// <summary>Hertz.</summary>
    public float ShakeRate { get; }

    public float Exposure { get; }

    public Vector4 Tint { get; }

    /// <summary>Relative amplitude of a slow change of brightness.</summary>
    public float Drift { get; }

    /// <summary>Hertz.</summary>
    public float DriftRate { get; }

    /// <summary>Share of light lost in the corners.</summary>
    public float Vignette { get; }

    /// <summary>Exponent on linear light.</summary>
    public float Contrast { get; }

    float Phase { get; }

    /// <summary>Brightness at a time, 1 on average.</summary>
    public float Brightness(double time) => Exposure * (1 + Drift * MathF.Sin(MathF.Tau * DriftRate * (float)time + Phase));

    /// <summary>Displacement of the picture at a time, in heights of the picture.</summary>
    public Vector2 ShakeAt(double time)
    {
        var t = MathF.Tau * ShakeRate * (float)time + Phase;
        return Shake * new Vector2(MathF.Sin(t) + 0.5f * MathF.Sin(2.3f * t + 1), MathF.Sin(1.3f * t + 2) + 0.5f * MathF.Sin(3.1f * t));
    }
}
