package runfile

import (
	"simtrace/internal/record"
	"simtrace/pkg/sim"
)

// PerPhi is the file of the phi steps of one pixel.
type PerPhi struct {
	Pixel   Pixel        `json:"pixel"`
	Config  string       `json:"config,omitempty"`
	Profile string       `json:"profile,omitempty"`
	Device  string       `json:"device,omitempty"`
	Dtype   string       `json:"dtype,omitempty"`
	Entries []record.Row `json:"per_phi_entries"`
}

// PerPhiMany is the file of several pixels.
type PerPhiMany struct {
	Config  string   `json:"config"`
	Profile string   `json:"profile"`
	Device  string   `json:"device"`
	Dtype   string   `json:"dtype"`
	Pixels  []PerPhi `json:"pixels"`
}

// NewPerPhi makes a PerPhi of one pixel, and a PerPhiMany of several; head says what was run.
func NewPerPhi(head PerPhi, pixels []sim.Pixel, entries [][]record.Row) any {
	if len(entries) == 1 {
		head.Pixel, head.Entries = Pixel{pixels[0].Slow, pixels[0].Fast}, entries[0]
		return head
	}
	many := PerPhiMany{Config: head.Config, Profile: head.Profile, Device: head.Device, Dtype: head.Dtype, Pixels: make([]PerPhi, len(entries))}
	for i := range entries {
		many.Pixels[i] = PerPhi{Pixel: Pixel{pixels[i].Slow, pixels[i].Fast}, Entries: entries[i]}
	}
	return many
}
