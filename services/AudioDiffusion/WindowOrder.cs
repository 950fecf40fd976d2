using Rewas.Networks;

namespace Rewas.AudioDiffusion;

/// <summary>
/// Which window is sampled next: in order of time, but for bridges, which wait for the window after them: 0, 2, 1, 4, 3, ... So a sound is made from its start on,
/// never more than one window ahead of what can be heard. Each scene of the picture is laid out by itself: its first window is made from none before it.
/// </summary>
/// <param name="layout">Where the windows of a scene lie.</param>
/// <param name="controls">What has come for them.</param>
public sealed class WindowOrder(WindowLayout layout, ControlTimeline controls)
{
    WindowPlace? next = new WindowPlace(0, 0, 0);                            // the earliest that is not sampled; null while it is not known whether and where there is one
    WindowPlace? ahead;                                                      // the one after it, if that is sampled
    WindowPlace latest;                                                      // the last that is

    /// <summary>The next window, if all that it needs has come.</summary>
    public bool TryNext(out WindowPlace window)
    {
        window = default;
        next ??= After(latest);
        if (next is not { } earliest)
            return false;
        window = earliest;
        if (layout.LeadsToNext(earliest.InScene) && ahead is null)
        {
            if (controls.GoesOnAfter(earliest.Start) is not { } goesOn)
                return false;
            if (goesOn)
                window = InScene(earliest);
        }
        if (!controls.Covers(window.Start))
            return false;
        if (window != earliest)
        {
            ahead = window;
            return true;
        }
        latest = ahead ?? window;
        (next, ahead) = (null, null);
        return true;
    }

    /// <summary>No frame before this is asked for again.</summary>
    public long Needed => (next ?? latest).Start;

    WindowPlace? After(WindowPlace window) => controls.GoesOnAfter(window.Start) switch
    {
        true => InScene(window),
        false => controls.CutAfter(window.Start) is { } cut ? new WindowPlace(window.Number + 1, cut, 0) : null,
        null => null,
    };

    WindowPlace InScene(WindowPlace before) => new(before.Number + 1, before.Start + layout.Stride, before.InScene + 1);
}
